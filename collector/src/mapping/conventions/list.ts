import type { Convention } from '../facts.ts';
import { agUi } from './ag-ui/ag-ui.ts';
import { aiSdk } from './ai-sdk/ai-sdk.ts';
import { claudeCode } from './claude-code/claude-code.ts';
import { codex } from './codex/codex.ts';
import { geminiCli } from './gemini-cli/gemini-cli.ts';
import { genAi } from './gen-ai/gen-ai.ts';
import { googleAdk } from './google-adk/google-adk.ts';
import { langSmith } from './langsmith/langsmith.ts';
import { logfire } from './logfire/logfire.ts';
import { mastra } from './mastra/mastra.ts';
import { msAgentFramework } from './ms-agent-framework/ms-agent-framework.ts';
import { openInference } from './openinference/openinference.ts';
import { pydanticAi } from './pydantic-ai/pydantic-ai.ts';
import { signalbox } from './signalbox/signalbox.ts';
import { structure } from './structure/structure.ts';
import { traceloop } from './traceloop/traceloop.ts';

/** Every convention, richest first: spans often carry poorer keys beside rich ones. */
export const CONVENTIONS: readonly Convention[] = [
  logfire,
  agUi,
  signalbox,
  claudeCode,
  googleAdk,
  geminiCli,
  codex,
  mastra,
  aiSdk,
  langSmith,
  openInference,
  pydanticAi,
  msAgentFramework,
  traceloop,
  genAi,
  structure,
];
