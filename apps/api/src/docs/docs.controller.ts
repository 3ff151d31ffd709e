import { Controller, Get, Header, Inject } from '@nestjs/common';

export const OPENAPI = Symbol('OpenApiDocument');
export const ASYNCAPI = Symbol('AsyncApiDocument');
export const CATALOGUE = Symbol('event catalogue');

@Controller()
export class DocsController {
  constructor(
    @Inject(OPENAPI) private readonly openApi: object,
    @Inject(ASYNCAPI) private readonly asyncApi: object,
    @Inject(CATALOGUE) private readonly catalogue: string,
  ) {}

  @Get('openapi.json')
  http(): object {
    return this.openApi;
  }

  @Get('asyncapi.json')
  topics(): object {
    return this.asyncApi;
  }

  @Get('docs/events')
  @Header('Content-Type', 'text/html; charset=utf-8')
  events(): string {
    return this.catalogue;
  }
}
