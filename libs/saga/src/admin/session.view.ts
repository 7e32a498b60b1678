import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { ROLES, type Role } from './access/access';

export class SessionView {
  @ApiPropertyOptional({ description: 'Who you are; absent where access is open', example: 'ada' }) name?: string;
  @ApiPropertyOptional({ enum: [...ROLES] }) role?: Role;
  @ApiProperty({ description: 'Whether everybody may use this API' }) open!: boolean;
}

export class SignInRequest {
  @ApiProperty({ minLength: 1, maxLength: 200, description: 'A key as palinode keys create printed it' })
  @IsString()
  @Length(1, 200)
  @Matches(/^[!-:<-~]+$/, { message: '$property must be a key, without blanks' })
  key!: string;
}

export class AccessKeyView {
  @ApiProperty({ description: 'As the operator log names it' }) id!: string;
  @ApiProperty({ example: 'ada' }) name!: string;
  @ApiProperty({ enum: [...ROLES] }) role!: Role;
  @ApiPropertyOptional({ format: 'date-time', description: 'The key is refused from then on' }) until?: string;
}

export class AccessKeyList {
  @ApiProperty({ type: [AccessKeyView] }) items!: AccessKeyView[];
}
