/** `node --import @signalbox/kit/register agent.js`: starts from the environment, without a line in the agent. */
import { startSignalbox } from './start-signalbox.ts';

startSignalbox();
