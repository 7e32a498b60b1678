import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { UnknownElementException } from '@nestjs/core/errors/exceptions/unknown-element.exception';
import { ApiHeader } from '@nestjs/swagger';
import { ACCESS_PROBLEMS, ApiProblems, OPERATOR_HEADER } from '../http';
import { HOOK_OPERATORS, type HookOperators, type RecordHookChange } from '../messaging';

const records = new WeakMap<object, RecordHookChange>();

/** Lets in who may change faults, before their request is read. */
@Injectable()
class FaultOperators implements CanActivate, OnModuleInit {
  private operators: HookOperators | undefined;

  constructor(private readonly modules: ModuleRef) {}

  /** The admin API need not be there, and its module exports nothing. */
  onModuleInit(): void {
    try {
      this.operators = this.modules.get<HookOperators>(HOOK_OPERATORS, { strict: false });
    } catch (error) {
      if (!(error instanceof UnknownElementException)) throw error;
    }
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const record = await this.operators?.admit(request);
    if (record) records.set(request, record);
    return true;
  }
}

/** Declares a route by which an operator changes faults. */
export function FaultOperation(): MethodDecorator {
  return applyDecorators(UseGuards(FaultOperators), ApiHeader(OPERATOR_HEADER), ApiProblems(ACCESS_PROBLEMS));
}

/** Injects what records the change in the operator log; undefined without an admin API. */
export const RecordedAs = createParamDecorator((_: unknown, context: ExecutionContext): RecordHookChange | undefined =>
  records.get(requestOf(context)),
);

function requestOf(context: ExecutionContext): object {
  return context.switchToHttp().getRequest<object>();
}
