import { expect, it } from '@jest/globals';
import { Routes } from './routes';

it('the methods of a path are known from the documented paths', () => {
  const routes = new Routes({ '/v1/needs/{needId}': { get: {} }, '/openapi.json': { get: {} }, '/v1/needs': { get: {}, post: {} } });
  expect(routes.methodsOf('/v1/needs')).toEqual(['GET', 'POST']);
  expect(routes.methodsOf('/v1/needs/abc/')).toEqual(['GET']);
  expect(routes.methodsOf('/openapiXjson')).toEqual([]);
});
