#!/usr/bin/env node
import { createRequire } from 'node:module';
import { ensureBuilt } from '../../../infra/build/build.mjs';
import { requireNode } from '../../../infra/build/step.mjs';

requireNode();
await ensureBuilt();
createRequire(import.meta.url)('../dist/main.js');
