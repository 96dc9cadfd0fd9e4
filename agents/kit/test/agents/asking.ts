// An agent that waits for a person, under an id that survives its death.
import { connectControl } from '../../src/control.ts';

const control = connectControl();
const traceId = process.env['TRACE_ID'] ?? '';
const id = process.env['APPROVAL_ID'] ?? '';
const answer = await control.approve('deploy', { to: 'production' }, { id, traceId });
process.stdout.write(JSON.stringify(answer));
