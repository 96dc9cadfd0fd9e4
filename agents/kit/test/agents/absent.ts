// An agent whose collector is away, or refuses it: it asks, looks, and ends by itself.
import { connectControl } from '../../src/control.ts';

const control = connectControl();
const traceId = '0af7651916cd43dd8448eb211c80319c';
const { decision, approved } = await control.approve('deploy', {}, { traceId, timeoutMs: 700 });
const looked = control.checkpoint(traceId);
process.stdout.write(JSON.stringify({ decision, approved, looked, aborted: control.signal(traceId).aborted }));
