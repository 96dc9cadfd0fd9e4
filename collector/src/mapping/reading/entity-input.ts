import type { Attributes } from '../../telemetry/attributes.ts';
import { asFields, asStructure, structureOf } from './coerce.ts';

/**
 * Input of a traceloop entity: `{args, kwargs}` for decorated functions, `{inputs}` for LangChain's callbacks;
 * undefined when not captured.
 */
export function readEntityInput(attributes: Attributes): unknown {
  const input = structureOf(attributes, 'traceloop.entity.input');
  const fields = asFields(input);
  if (fields === null) return input ?? undefined;
  const { args, kwargs } = fields;
  if (Array.isArray(args) && args.length > 0) return asStructure(args[0]);
  if (asFields(kwargs) !== null && Object.keys(asFields(kwargs) ?? {}).length > 0) return kwargs;
  if ('inputs' in fields) return asStructure(fields['inputs']);
  return 'input_str' in fields ? asStructure(fields['input_str']) : fields;
}
