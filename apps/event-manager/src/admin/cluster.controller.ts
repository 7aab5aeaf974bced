import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Cluster } from '../cluster/cluster';
import { ClusterService } from '../cluster/cluster.service';
import { Requires } from './access/requires.decorator';
import { ClusterDto } from './dto/cluster.dto';

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
  @ApiOkResponse({ type: ClusterDto })
  get(): Promise<Cluster> {
    return this.cluster.report();
  }
}
