/* A participant whose handlers do what the test specifies, in both kinds of transaction. */
import { Controller } from '@nestjs/common';
import { IsInt, IsOptional, IsString } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { defineCommand } from '../src/contract';
import { commandOf, HandleCommand } from '../src/participant';

export class Act {
  @IsString() item!: string;
  /** The behaviour of the handler after its write; without one it succeeds. */
  @IsOptional() @IsString() as?: string;
}
export class Acted {
  @IsInt() effect!: number;
}

const contract = { payload: Act, reply: Acted, refusals: ['sold-out'] } as const;
export const actAlone = defineCommand('shop.act-alone', contract);
export const undoAlone = defineCommand('shop.undo-alone', { payload: Act });
export const actTogether = defineCommand('shop.act-together', contract);
export const undoTogether = defineCommand('shop.undo-together', { payload: Act });
export const shopCommands = [actAlone, undoAlone, actTogether, undoTogether];

/** Each committed call of a handler leaves a row; no constraint prevents a second one. */
export const EFFECTS = `
  CREATE TABLE effect (
    id serial PRIMARY KEY,
    command uuid NOT NULL,
    saga uuid NOT NULL,
    direction text NOT NULL,
    item text NOT NULL
  )`;

type Behaviour = (tx: EntityManager, command: Act) => unknown;

const behaviours = new Map<string, Behaviour>();
/** The command ids of all calls of handlers, including those that were rolled back. */
export const calls: string[] = [];

/** Defines the behaviour of commands sent `as` this name; its result, unless undefined, is the handler's reply. */
export function behave(name: string, behaviour: Behaviour): string {
  behaviours.set(name, behaviour);
  return name;
}

async function act(command: Act, tx: EntityManager): Promise<Acted> {
  const { id, sagaid, sagadirection } = commandOf(tx);
  calls.push(id);
  const [row]: [{ id: number }] = await tx.query(
    'INSERT INTO effect (command, saga, direction, item) VALUES ($1, $2, $3, $4) RETURNING id',
    [id, sagaid, sagadirection, command.item],
  );
  const answer = await behaviours.get(command.as ?? '')?.(tx, command);
  return (answer ?? { effect: row.id }) as Acted;
}

@Controller()
export class Shop {
  @HandleCommand(actAlone)
  async actAlone(command: Act, tx: EntityManager): Promise<Acted> {
    return act(command, tx);
  }

  @HandleCommand(undoAlone)
  async undoAlone(command: Act, tx: EntityManager): Promise<void> {
    await act(command, tx);
  }

  @HandleCommand(actTogether, { transaction: 'per-batch' })
  async actTogether(command: Act, tx: EntityManager): Promise<Acted> {
    return act(command, tx);
  }

  @HandleCommand(undoTogether, { transaction: 'per-batch' })
  async undoTogether(command: Act, tx: EntityManager): Promise<void> {
    await act(command, tx);
  }
}
