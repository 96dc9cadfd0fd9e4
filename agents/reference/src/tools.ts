import { tool } from '@langchain/core/tools';
import { z } from 'zod';

const PRICES: Record<string, number> = { phone: 799, tablet: 549, watch: 329 };

/** Looks prices up. Safe. */
export const searchPrices = tool(({ product }) => JSON.stringify({ product, price: PRICES[product] ?? null }), {
  name: 'search_prices',
  description: 'Finds the price of a product.',
  schema: z.object({ product: z.string() }),
});

/** Fetches a page; the live site is always down, which makes the agent plan anew. Safe. */
export const fetchPage = tool(
  ({ url }) => {
    if (url.startsWith('https://live.')) throw new Error(`${new URL(url).host} answered 503`);
    return `Copy of ${url}: the offer is valid until Friday.`;
  },
  {
    name: 'fetch_page',
    description: 'Fetches a page of the shop.',
    schema: z.object({ url: z.string() }),
  },
);

/** Notes something down. Safe. */
export const takeNote = tool(({ text }) => `noted: ${text}`, {
  name: 'take_note',
  description: 'Notes a fact down for the report.',
  schema: z.object({ text: z.string() }),
});

/** Publishes the report. Risky: it asks first. */
export const publishReport = tool(({ path, audience }) => `published ${path} for ${audience}`, {
  name: 'publish_report',
  description: 'Publishes the report where customers see it.',
  schema: z.object({ path: z.string(), audience: z.string() }),
});

/** Deletes the drafts. Risky: it asks first. */
export const deleteDrafts = tool(({ folder }) => `deleted ${folder}`, {
  name: 'delete_drafts',
  description: 'Deletes the folder of drafts.',
  schema: z.object({ folder: z.string() }),
});

/** Every tool by its name. */
export const TOOLS = {
  search_prices: searchPrices,
  fetch_page: fetchPage,
  take_note: takeNote,
  publish_report: publishReport,
  delete_drafts: deleteDrafts,
};

/** Tools a person must allow, how risky they are, what they reach, and whether that can be undone. */
export const RISKY: Record<string, { risk: 'high' | 'critical'; affects: string; reversible: boolean }> = {
  publish_report: { risk: 'high', affects: 'what every customer reads', reversible: true },
  delete_drafts: { risk: 'critical', affects: 'all drafts of the folder', reversible: false },
};

/** Runs one tool by name. */
export async function runTool(name: string, args: Record<string, unknown>): Promise<string> {
  const found = Object.hasOwn(TOOLS, name) ? TOOLS[name as keyof typeof TOOLS] : undefined;
  if (!found) throw new Error(`There is no tool ${name}.`);
  return String(await (found as { invoke(args: unknown): Promise<unknown> }).invoke(args));
}
