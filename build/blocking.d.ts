import type { Plugin } from 'rolldown';

export function blocking(): Plugin;
