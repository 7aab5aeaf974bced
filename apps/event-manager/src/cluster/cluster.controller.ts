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
    summary: 'Show the cluster',
    description: 'State and version of the event managers, the broker, ZooKeeper and the instances of services.',
  })
  @Get()
  @ApiOkResponse(answer(Cluster))
  get(): Promise<Cluster> {
    return this.cluster.report();
  }
}
