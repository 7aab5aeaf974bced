export { bearsToken } from './bearer-token';
export { type DescribedApp, describeApp } from './describe-app';
export { tokenDocumentGuard } from './guard-document';
export { OPEN, Open } from './open.decorator';
export { pageOfSorted } from './page-of-sorted';
export { cursorOf, type Page, PageQuery, pageOf, toPage } from './paging';
export { SERVICE_TOKEN, ServiceTokenGuard } from './service-token.guard';
export { type ServiceTokenAsyncOptions, ServiceTokenModule, type ServiceTokenOptions } from './service-token.module';
