import type { Convention } from '../facts.ts';
import { aiSdk } from './ai-sdk/ai-sdk.ts';
import { claudeCode } from './claude-code/claude-code.ts';
import { genAi } from './gen-ai/gen-ai.ts';
import { logfire } from './logfire/logfire.ts';
import { mastra } from './mastra/mastra.ts';
import { openInference } from './openinference/openinference.ts';
import { signalbox } from './signalbox/signalbox.ts';
import { structure } from './structure/structure.ts';

/** Every convention, richest first: spans often carry poorer keys beside rich ones (telemetry.md §7.1). */
export const CONVENTIONS: readonly Convention[] = [
  logfire,
  signalbox,
  claudeCode,
  mastra,
  aiSdk,
  openInference,
  genAi,
  structure,
];
