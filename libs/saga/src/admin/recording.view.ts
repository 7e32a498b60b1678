import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RECORDING_FORMAT } from '../engine';
import { STATUSES } from './saga-list.query';
import { SentView } from './saga.view';

class RecordedCommandView extends SentView {
  @ApiPropertyOptional({
    type: Object,
    description: 'Absent where the present definition no longer sends this command here',
  })
  payload?: unknown;
}

class RecordedEntryView {
  @ApiProperty() seq!: number;
  @ApiProperty({ description: 'Milliseconds since 1970' }) at!: number;
  @ApiProperty({ type: Object, description: 'The event; `kind` determines its fields' }) event!: object;
  @ApiProperty({ type: [RecordedCommandView] }) sent!: readonly RecordedCommandView[];
  @ApiPropertyOptional({ type: String, description: 'Why it changed nothing' }) ignored?: string | undefined;
}

/** The history of a saga as a file for the test kit's `replay`; sensitive fields are masked. */
export class RecordingView {
  @ApiProperty({ enum: [RECORDING_FORMAT] }) format!: string;
  @ApiProperty({ format: 'uuid' }) sagaId!: string;
  @ApiProperty() definition!: string;
  @ApiProperty() version!: number;
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiProperty({ type: [RecordedEntryView] }) entries!: readonly RecordedEntryView[];
}
