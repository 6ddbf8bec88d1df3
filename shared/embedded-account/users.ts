import type { User } from '@aws-sdk/client-iam';

import type { JsonObject } from '../model.ts';
import { newName, newPath, text } from './input.ts';
import { addPrincipal, dropPrincipal } from './principals.ts';
import { IamRefusal } from './refusal.ts';
import {
  read,
  withEntry,
  withoutEntry,
  write,
  type AccountState,
  type OperationContext,
  type UserRecord,
} from './state.ts';

/** Users are here as principals of trust policies, no more. */

function requireUser(state: AccountState, input: JsonObject): UserRecord {
  const userName = text(input, 'UserName');
  const user = state.users.get(userName.toLowerCase());
  if (user === undefined) {
    throw new IamRefusal('NoSuchEntity', `The user with name ${userName} cannot be found.`);
  }
  return user;
}

const shownUser = (user: UserRecord): User => ({
  Path: user.path,
  UserName: user.userName,
  UserId: user.userId,
  Arn: user.arn,
  CreateDate: user.createDate,
});

export function withUser(state: AccountState, user: UserRecord): AccountState {
  const users = withEntry(state.users, user.userName.toLowerCase(), user);
  return addPrincipal({ ...state, users }, user.arn, user.userId);
}

/** A user with nothing but a name. */
export function newUser(path: string, userName: string, context: OperationContext): UserRecord {
  return {
    userName,
    path,
    arn: `arn:${context.partition}:iam::${context.accountId}:user${path}${userName}`,
    userId: context.newId('AIDA'),
    createDate: context.now,
  };
}

export const userOperations = {
  CreateUser: write((state, input, context) => {
    const userName = newName(input, 'UserName', 64);
    if (state.users.has(userName.toLowerCase())) {
      throw new IamRefusal('EntityAlreadyExists', `User with name ${userName} already exists.`);
    }
    const user = newUser(newPath(input), userName, context);
    return { state: withUser(state, user), output: { User: shownUser(user) } };
  }),

  GetUser: read((state, input) => ({ User: shownUser(requireUser(state, input)) })),

  DeleteUser: write((state, input) => {
    const user = requireUser(state, input);
    const users = withoutEntry(state.users, user.userName.toLowerCase());
    return { state: dropPrincipal({ ...state, users }, user.arn) };
  }),
};
