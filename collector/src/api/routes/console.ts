import path from 'node:path';
import express, { Router, type RequestHandler } from 'express';

/** Folders the console is served from. */
export interface ConsoleFolders {
  host: string;
  plugin: string;
  icons: string;
}

const PLUGIN_ID = 'signalbox-agents-app';

/**
 * The console: the built plugin and the page that loads it. Every file sits behind the guard; a page request
 * without a session is sent to the sign-in page instead.
 */
export function consoleRoutes(folders: ConsoleFolders, guarded: RequestHandler): Router {
  const router = Router();
  const page: RequestHandler = (_request, response) => {
    response.sendFile(path.join(folders.host, 'index.html'), {
      cacheControl: false,
      headers: { 'Cache-Control': 'no-cache' },
    });
  };
  const toSignIn: RequestHandler = (request, response, next) => {
    void Promise.resolve(
      guarded(request, response, (error?: unknown) => (error ? response.redirect(303, '/sign-in') : next())),
    ).catch(() => response.redirect(303, '/sign-in'));
  };
  const files = { fallthrough: true, index: false, redirect: false, maxAge: '1h' } as const;
  router.use('/public', guarded);
  router.use('/public/host', express.static(folders.host, files));
  router.use(`/public/plugins/${PLUGIN_ID}`, express.static(folders.plugin, { ...files, maxAge: 0 }));
  router.use('/public/build/img/icons', express.static(folders.icons, { ...files, maxAge: '7d' }));
  router.get(['/', '/a/{*page}'], toSignIn, page);
  return router;
}
