import type { z } from 'zod';

/** Schemas with a name of their own in the documents. */
export type Components = ReadonlyMap<string, z.ZodType>;

const named = new Map<string, z.ZodType>();

/** All of them; complete once every module that names one is loaded. */
export const components: Components = named;

/** `unknown` where two types take each other's values, `never` where one of them has grown apart. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? SameKeys<A, B> : never) : never;
type SameKeys<A, B> = [AnyKey<A>] extends [AnyKey<B>] ? ([AnyKey<B>] extends [AnyKey<A>] ? unknown : never) : never;
type AnyKey<T> = T extends unknown ? keyof T : never;

/**
 * Names the schema of a type of the event model. Does not compile when the two differ, so that the documents say what
 * the collector answers.
 */
export function model<T>() {
  return <Schema extends z.ZodType>(id: string, schema: Schema & Same<T, z.output<Schema>>): Schema => {
    named.set(id, schema);
    return schema;
  };
}

/** Names the schema of what clients send. */
export function request<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  named.set(id, schema);
  return schema;
}
