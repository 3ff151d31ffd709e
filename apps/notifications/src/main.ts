import 'reflect-metadata';
import { loadSettings, runProcess } from '@qiyue/platform';
import { NOTIFICATION_SETTINGS, startNotifications } from './start-notifications';

runProcess('notifications', (log) => startNotifications(loadSettings(process.env, ...NOTIFICATION_SETTINGS), log));
