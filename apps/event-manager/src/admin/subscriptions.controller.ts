import { type Page, pageOfSorted } from '@dbem/platform';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  NotFoundException,
  Param,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { SubscriptionService } from '../subscriptions/subscription.service';
import { PutSubscriptionDto, SubscriptionDto, SubscriptionFilterDto, SubscriptionPage } from './dto/subscription.dto';

@ApiTags('subscriptions')
@ApiBearerAuth()
@Controller('admin/v1/subscriptions')
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionService) {}

  @Get()
  @ApiOkResponse({ type: SubscriptionPage })
  list(@Query() { limit, after, ...filter }: SubscriptionFilterDto): Page<SubscriptionDto> {
    return pageOfSorted(
      this.subscriptions.list(filter),
      { limit, after },
      ({ publisher, subscriber }) => [publisher, subscriber],
      SubscriptionDto.of,
    );
  }

  /** Answers when every live manager routes by the subscription. */
  @Put(':publisher/:subscriber')
  @ApiOkResponse({ type: SubscriptionDto, description: 'It existed; it is as asked for now.' })
  @ApiCreatedResponse({ type: SubscriptionDto })
  async put(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
    @Body() { entityTypes }: PutSubscriptionDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SubscriptionDto> {
    const outcome = await this.subscriptions.put({ publisher, subscriber, entityTypes });
    response.status(outcome === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
    return SubscriptionDto.of({ publisher, subscriber, entityTypes });
  }

  /** Answers when no live manager routes by the subscription any more. The service's queue stays. */
  @Delete(':publisher/:subscriber')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async remove(@Param('publisher') publisher: string, @Param('subscriber') subscriber: string): Promise<void> {
    const outcome = await this.subscriptions.remove(publisher, subscriber);
    if (outcome === 'absent') throw new NotFoundException(`"${subscriber}" does not subscribe to "${publisher}".`);
  }
}
