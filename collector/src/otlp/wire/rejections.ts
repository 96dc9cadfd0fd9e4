/** Items of a request that are refused for good while their siblings are kept (OTLP partial success). */
export class Rejections {
  count = 0;
  reason = '';

  add(reason: string, items = 1): void {
    this.count += items;
    if (this.reason === '') this.reason = reason;
  }
}

export const INVALID_SPAN_ID = 'trace id must be 16 and span id 8 bytes, neither all zero';
