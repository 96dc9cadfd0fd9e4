/** Digits a number may have behind its calling code. */
export interface NationalLength {
  least: number;
  most: number;
}

// Calling codes of one and two digits with the lengths their plans use (ITU-T E.164 and the national plans).
const SHORT_CODES =
  '1:10 7:10 20:8-10 27:9 30:10 31:9 32:8-9 33:9 34:9 36:8-9 39:8-11 40:9 41:9 43:7-13 44:9-10 45:8 46:7-10 47:8 48:9 ' +
  '49:7-13 51:8-9 52:10 53:8 54:10-11 55:10-11 56:9 57:10 58:10 60:8-10 61:9 62:8-12 63:8-10 64:8-10 65:8 66:8-9 81:9-10 ' +
  '82:8-11 84:9-10 86:10-11 90:10 91:10 92:9-10 93:9 94:9 95:7-10 98:10';
const LONG_CODES =
  '211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 ' +
  '244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 ' +
  '299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 ' +
  '421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 ' +
  '678 679 680 681 682 683 685 686 687 688 689 690 691 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 ' +
  '968 970 971 972 973 974 975 976 977 992 993 994 995 996 998';
const LONG_CODE_LENGTH: NationalLength = { least: 7, most: 10 };

const lengths = new Map<string, NationalLength>();
for (const entry of SHORT_CODES.split(' ')) {
  const [code = '', range = ''] = entry.split(':');
  const [least, most = least] = range.split('-').map(Number);
  lengths.set(code, { least: least ?? 0, most: most ?? 0 });
}
for (const code of LONG_CODES.split(' ')) lengths.set(code, LONG_CODE_LENGTH);

/** The calling code that digits begin with and how many may follow; undefined when no country has it. */
export function callingCodeOf(digits: string): { code: string; length: NationalLength } | undefined {
  for (let size = 1; size <= 3; size++) {
    const code = digits.slice(0, size);
    const length = lengths.get(code);
    if (length !== undefined) return { code, length };
  }
  return undefined;
}
