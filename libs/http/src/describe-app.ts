import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { withAnswers } from './answers/with-answers';

export interface DescribedApp {
  readonly title: string;
  readonly description: string;
}

/** The OpenAPI document of an app's HTTP API. */
export function describeApp(app: INestApplication, { title, description }: DescribedApp): OpenAPIObject {
  const frame = new DocumentBuilder().setTitle(title).setDescription(description).addBearerAuth().build();
  return withAnswers(SwaggerModule.createDocument(app, frame));
}
