import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandStorm } from '../src/testing/command-storm.ts';
import { ControlRoom } from '../src/testing/control-room.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

const COMMANDS = 1_000;
const KILLS = 10;

test(`${COMMANDS} commands to an agent that is killed ${KILLS} times are each carried out once`, async () => {
  const room = await ControlRoom.open();
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-storm-'));
  try {
    const { ordered, did, states } = await commandStorm({
      api: room.collector.api,
      headers: await room.headersOf('anna', 'Editor'),
      pool: room.db.database.control,
      journal: path.join(folder, 'journal'),
      traceId: randomTraceId(),
      commands: COMMANDS,
      kills: KILLS,
    });

    expect(states).toEqual({ effective: COMMANDS });
    expect([...did].sort()).toEqual([...ordered].sort());
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await room.close();
  }
}, 120_000);
