import { answer } from '@dbem/http';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/requires.decorator';
import { Cluster } from './cluster';
import { ClusterService } from './cluster.service';

@ApiTags('cluster')
@Requires('viewer')
@Controller('admin/v1/cluster')
export class ClusterController {
  constructor(private readonly cluster: ClusterService) {}

  @ApiOperation({
    summary: 'Show the machinery',
    description:
      'Event managers, broker, ZooKeeper and the instances of services: how they are, and which version they run.',
  })
  @Get()
  @ApiOkResponse(answer(Cluster))
  get(): Promise<Cluster> {
    return this.cluster.report();
  }
}
