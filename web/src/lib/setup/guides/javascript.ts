/** Guides for code that runs in a browser or on Node.js. */
import { snippet, type Guide } from '../guide';

export const browser: Guide = (dsn) => [
  { title: 'Install', code: 'npm install @sentry/browser' },
  {
    title: 'main.js, before everything else',
    code: snippet`
      import * as Sentry from '@sentry/browser';

      Sentry.init({
        dsn: '${dsn}'
      });
    `
  },
  { title: 'Raise a first error', code: "setTimeout(() => { throw new Error('First event'); });" }
];

export const react: Guide = (dsn) => [
  { title: 'Install', code: 'npm install @sentry/react' },
  {
    title: 'instrument.js',
    code: snippet`
      import * as Sentry from '@sentry/react';

      Sentry.init({
        dsn: '${dsn}'
      });
    `
  },
  {
    title: 'main.jsx (React 19)',
    code: snippet`
      import './instrument';
      import * as Sentry from '@sentry/react';
      import { createRoot } from 'react-dom/client';
      import App from './App';

      createRoot(document.getElementById('root'), {
        onUncaughtError: Sentry.reactErrorHandler(),
        onCaughtError: Sentry.reactErrorHandler(),
        onRecoverableError: Sentry.reactErrorHandler()
      }).render(<App />);
    `
  },
  {
    title: 'Raise a first error',
    code: snippet`
      <button onClick={() => { throw new Error('First event'); }}>Break</button>
    `
  }
];

export const nextjs: Guide = (dsn) => [
  { title: 'Install', code: 'npm install @sentry/nextjs' },
  {
    title: 'instrumentation-client.ts, sentry.server.config.ts and sentry.edge.config.ts',
    code: snippet`
      import * as Sentry from '@sentry/nextjs';

      Sentry.init({
        dsn: '${dsn}'
      });
    `
  },
  {
    title: 'instrumentation.ts',
    code: snippet`
      import * as Sentry from '@sentry/nextjs';

      export async function register() {
        if (process.env.NEXT_RUNTIME === 'nodejs') await import('./sentry.server.config');
        if (process.env.NEXT_RUNTIME === 'edge') await import('./sentry.edge.config');
      }

      export const onRequestError = Sentry.captureRequestError;
    `
  },
  {
    title: 'next.config.ts',
    code: snippet`
      import { withSentryConfig } from '@sentry/nextjs';

      export default withSentryConfig({
        // Your configuration
      });
    `
  },
  {
    title: 'app/global-error.tsx',
    code: snippet`
      'use client';
      import * as Sentry from '@sentry/nextjs';
      import { useEffect } from 'react';

      export default function GlobalError({ error }: { error: Error }) {
        useEffect(() => {
          Sentry.captureException(error);
        }, [error]);
        return <html><body>Something went wrong.</body></html>;
      }
    `
  },
  {
    title: 'app/api/broken/route.ts: open /api/broken',
    code: snippet`
      export const dynamic = 'force-dynamic';

      export function GET() {
        throw new Error('First event');
      }
    `
  }
];

export const express: Guide = (dsn) => [
  { title: 'Install', code: 'npm install @sentry/node express' },
  {
    title: 'instrument.mjs',
    code: snippet`
      import * as Sentry from '@sentry/node';

      Sentry.init({
        dsn: '${dsn}'
      });
    `
  },
  {
    title: 'app.mjs',
    code: snippet`
      import express from 'express';

      const app = express();

      app.get('/broken', () => {
        throw new Error('First event');
      });

      app.listen(3000);
    `
  },
  {
    title: 'Up to version 10 of the SDK, also after all routes of app.mjs',
    code: snippet`
      import * as Sentry from '@sentry/node';

      Sentry.setupExpressErrorHandler(app);
    `
  },
  {
    title: 'Run it, and open http://localhost:3000/broken',
    code: 'node --import ./instrument.mjs app.mjs'
  }
];
