import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { type Environment, textOf } from './settings.ts';

const PARENT_BASED = 'parentbased_';

/** The sampler of `OTEL_TRACES_SAMPLER`; unknown names mean the default, `parentbased_always_on`. */
export function createSampler(environment: Environment): Sampler {
  const name = textOf(environment, 'OTEL_TRACES_SAMPLER')?.toLowerCase() ?? 'parentbased_always_on';
  const root = createRootSampler(name.replace(PARENT_BASED, ''), textOf(environment, 'OTEL_TRACES_SAMPLER_ARG'));
  if (!root) return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  return name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root;
}

function createRootSampler(name: string, argument: string | undefined): Sampler | undefined {
  if (name === 'always_on') return new AlwaysOnSampler();
  if (name === 'always_off') return new AlwaysOffSampler();
  if (name !== 'traceidratio') return undefined;
  const ratio = Number(argument ?? 1);
  return new TraceIdRatioBasedSampler(ratio >= 0 && ratio <= 1 ? ratio : 1);
}
