/** `broadsheet user`: the people who write. */
import { type Command, Option } from 'commander';
import type { BlogSystem } from '../app.ts';
import { OperatorError } from '../errors.ts';
import { withBlog } from './blog.ts';
import { ask, askSecret, isInteractive, readStandardInput } from './prompt.ts';
import { addSettingFlags } from './settings-flags.ts';
import { print } from './terminal.ts';

type Role = Parameters<BlogSystem['identity']['createUser']>[0]['role'];

const roles: readonly Role[] = ['owner', 'editor', 'author'];

interface CreateOptions {
  email?: string;
  name?: string;
  role?: Role;
  author?: string;
  passwordStdin?: true;
}

export function addUser(program: Command): void {
  const group = program.command('user').description('manage the people who write');
  const command = group
    .command('create')
    .description('make a user; asks for what is not given')
    .option('--email <address>', 'e-mail address to log in with')
    .option('--name <name>', 'name, as readers see it')
    .addOption(
      new Option('--role <role>', 'owner for the first user and author after that, unless given').choices(
        roles,
      ),
    )
    .option('--author <slug>', 'take over the profile of this author, such as an imported one')
    .option('--password-stdin', 'read the password from standard input instead of asking')
    .action((options: CreateOptions) => withBlog(command, (blog) => createUser(blog, options)));
  addSettingFlags(command, ['database']);
}

async function createUser(blog: BlogSystem, options: CreateOptions): Promise<void> {
  const email = options.email ?? (await askOrRefuse('E-mail address: ', '--email'));
  const name = options.name ?? (await askOrRefuse('Name: ', '--name'));
  const password = options.passwordStdin ? await readStandardInput() : await choosePassword();
  const role = options.role ?? ((await blog.identity.needsSetup()) ? 'owner' : 'author');
  const author = options.author === undefined ? {} : { author: options.author };
  const user = await blog.identity.createUser({ email, name, password, role, ...author });
  print(`${user.email} is now an ${user.role} of this blog.`);
}

async function askOrRefuse(question: string, flag: string): Promise<string> {
  if (isInteractive()) return ask(question);
  throw new OperatorError(`${flag} is missing, and there is no terminal to ask at.`);
}

async function choosePassword(): Promise<string> {
  if (!isInteractive()) {
    throw new OperatorError(
      'there is no terminal to ask for the password: pipe it in with --password-stdin.',
    );
  }
  const password = await askSecret('Password (12 characters or more): ');
  if ((await askSecret('The same again: ')) === password) return password;
  throw new OperatorError('the two passwords differ; nothing was changed.');
}
