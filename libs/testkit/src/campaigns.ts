/** Whether a run of the tests takes what campaigns take, in full: `QIYUE_CAMPAIGNS=1 npm test`. */
export const WITH_CAMPAIGNS = process.env['QIYUE_CAMPAIGNS'] === '1';
