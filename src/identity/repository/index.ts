/** Everything that identity keeps in the database. */
import type { DatabaseManager } from '../../database/manager.ts';
import { SessionRepository } from './sessions.ts';
import { SetupRepository } from './setup.ts';
import { TokenRepository } from './tokens.ts';
import { UserRepository } from './users.ts';

export class IdentityRepository {
  readonly users: UserRepository;
  readonly tokens: TokenRepository;
  readonly sessions: SessionRepository;
  readonly setup: SetupRepository;

  constructor(database: DatabaseManager) {
    this.users = new UserRepository(database);
    this.tokens = new TokenRepository(database);
    this.sessions = new SessionRepository(database);
    this.setup = new SetupRepository(database);
  }
}
