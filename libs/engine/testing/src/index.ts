export { specFor, TEST_CONTEXT, type Ends } from './spec-for';
