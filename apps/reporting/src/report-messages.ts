import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';

export class PartitionLag {
  @ApiProperty({ example: 'order.events' })
  topic!: string;

  @ApiProperty({ example: 0 })
  partition!: number;

  @ApiProperty({ description: 'The next offset to read', example: 41 })
  position!: number;

  @ApiProperty({ description: 'The end offset', example: 42 })
  end!: number;

  @ApiProperty({ description: 'Unread events of all types', example: 1 })
  lag!: number;

  @ApiProperty({ description: 'An upper bound of the age of the oldest; 0 without lag', example: 120 })
  ageMs!: number;

  @ApiProperty({ description: 'Events that the topic deleted before they were counted', example: 0 })
  lost!: number;
}

export class PassedByType {
  @ApiProperty({ example: 'order.placed.v1' })
  type!: string;

  @ApiProperty({ example: 12 })
  events!: number;
}

export class EventsPassedBy {
  @ApiProperty({ type: [PassedByType], description: 'The most frequent types' })
  types!: readonly PassedByType[];

  @ApiProperty({ description: 'Events of all other types', example: 0 })
  others!: number;
}

export class ReportLag {
  @ApiProperty({ description: 'The generation that serves', example: 1 })
  generation!: number;

  @ApiProperty({ type: [PartitionLag] })
  partitions!: PartitionLag[];

  @ApiProperty({
    description:
      'Events that this instance read and no report needs, including those of other publishers; they are no lag',
  })
  passedBy!: EventsPassedBy;

  @ApiPropertyOptional({ description: 'The generation that is being built', example: 2 })
  building?: number;

  @ApiPropertyOptional({ type: [PartitionLag] })
  buildingPartitions?: PartitionLag[];
}

export class RebuildRequest {
  @ApiPropertyOptional({ description: 'Whether to rebuild although the topic has lost its beginning', default: false })
  @IsOptional()
  @IsBoolean()
  acceptLoss?: boolean;
}

export class RebuildAccepted {
  @ApiProperty({ description: 'The generation that is being built', example: 2 })
  building!: number;
}
