import { renderMarkdown } from '@grafana/data';
import { createElement, Fragment, type ReactNode } from 'react';

/** What survives of a model's Markdown. Everything else becomes its text. */
const ALLOWED = new Set(
  'p br hr strong em b i del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td'.split(' '),
);

/**
 * Markdown of a model, which may be hostile. It is sanitised by Grafana, parsed without being put into the page, and
 * rebuilt from an allow-list as React elements without any attribute but a safe link address: no images (they call
 * home), no buttons, styles, classes or ids that could dress up as our own interface.
 */
export function MarkdownView({ text }: { text: string }) {
  const parsed = new DOMParser().parseFromString(renderMarkdown(text), 'text/html');
  return <div>{rebuild(parsed.body.childNodes)}</div>;
}

function rebuild(nodes: NodeListOf<ChildNode>): ReactNode[] {
  return [...nodes].map((node, index) => {
    if (node instanceof Text) return node.data;
    if (!(node instanceof Element)) return null;
    const tag = node.tagName.toLowerCase();
    const children = rebuild(node.childNodes);
    if (tag === 'a') return link(node, children, index);
    if (ALLOWED.has(tag)) return createElement(tag, { key: index }, ...children);
    return createElement(Fragment, { key: index }, ...children);
  });
}

function link(node: Element, children: ReactNode[], key: number): ReactNode {
  const address = node.getAttribute('href') ?? '';
  if (!/^https?:\/\//i.test(address)) return createElement(Fragment, { key }, ...children);
  return createElement('a', { key, href: address, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...children);
}
