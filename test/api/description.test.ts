import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlog, type TestBlog } from '../support/blog.ts';

let blog: TestBlog;
beforeAll(async () => {
  blog = await createBlog();
});
afterAll(() => blog.close());

describe('/openapi.json', () => {
  it('names its schemas, and refers to none that is not there', async () => {
    const document = (await blog.reader.get('/openapi.json')).json();
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Post', 'PostList', 'PostCreate', 'PostPatch', 'Tag', 'Author', 'Problem']),
    );
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name);
    expect(document.paths['/posts'].get.responses[200].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/PostList',
    });
  });

  it('has the API and no pages', async () => {
    const { paths } = (await blog.reader.get('/openapi.json')).json();
    expect(Object.keys(paths).toSorted()).toEqual(
      expect.arrayContaining(['/authors', '/authors/{slug}', '/health', '/posts', '/posts/{id}', '/tags']),
    );
    expect(Object.keys(paths).filter((path) => path === '/' || path.includes('xml'))).toEqual([]);
  });
});
