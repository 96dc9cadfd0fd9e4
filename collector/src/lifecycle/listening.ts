import type { Component } from './component.ts';
import { StartError } from './start-error.ts';

/** Where something listens. */
export interface Address {
  host: string;
  port: number;
}

/** Something that listens on a port. */
export interface Listener {
  start(): Promise<Address>;
  /** Finishes what is under way, for at most `timeLeftMs`, then closes. */
  stop(timeLeftMs: number): Promise<void>;
}

/** How to speak of a listener when its port cannot be had. */
export interface ListenerDescription {
  name: string;
  setting: string;
  port: number;
}

/** Makes a listener a component that knows its address; a port that is taken becomes a sentence with the remedy. */
export function listening(description: ListenerDescription, listener: Listener): Component & { address(): Address } {
  let address: Address | undefined;
  return {
    name: description.name,
    async start() {
      address = await listener.start().catch((cause: unknown) => {
        throw explain(description, cause);
      });
    },
    stop: (deadlineMs) => listener.stop(Math.max(0, deadlineMs - Date.now())),
    address() {
      if (!address) throw new Error(`${description.name} is not listening yet`);
      return address;
    },
  };
}

function explain({ name, setting, port }: ListenerDescription, cause: unknown): unknown {
  const code = (cause as { code?: string }).code;
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} for ${name} is already in use. Stop the program that uses it, or set ${setting} to another port.`,
      { cause },
    );
  }
  if (code === 'EACCES')
    return new StartError(
      `Port ${port} for ${name} may not be opened by this user. Set ${setting} to a port above 1023.`,
      { cause },
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(
      `SIGNALBOX_HOST is not an address of this machine, so ${name} cannot listen. Set it to 127.0.0.1 or an address of your own.`,
      { cause },
    );
  }
  return cause;
}
