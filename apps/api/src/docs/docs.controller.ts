import { Controller, Get, Inject } from '@nestjs/common';

export const OPENAPI = Symbol('OpenApiDocument');
export const ASYNCAPI = Symbol('AsyncApiDocument');

@Controller()
export class DocsController {
  constructor(
    @Inject(OPENAPI) private readonly openApi: object,
    @Inject(ASYNCAPI) private readonly asyncApi: object,
  ) {}

  @Get('openapi.json')
  http(): object {
    return this.openApi;
  }

  @Get('asyncapi.json')
  topics(): object {
    return this.asyncApi;
  }
}
