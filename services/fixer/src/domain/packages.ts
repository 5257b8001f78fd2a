import type { ShapeName } from './fix-rule.ts';

/** Python modules whose package has another name on the index. */
const pythonPackages: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python',
  Crypto: 'pycryptodome',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  git: 'GitPython',
  jwt: 'PyJWT',
  PIL: 'Pillow',
  psycopg2: 'psycopg2-binary',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'PyYAML',
};

/**
 * The package that holds a module: `lodash/fp` is in lodash, `@a/b/c` in @a/b, `yaml.reader` in PyYAML. Values
 * of other shapes stay as they are; a relative path stays one, and then has no shape of a package.
 */
export function moduleToPackage(shape: ShapeName, value: string): string {
  if (shape === 'npm-package') {
    if (value.startsWith('.') || value.startsWith('/')) return value;
    return value
      .split('/')
      .slice(0, value.startsWith('@') ? 2 : 1)
      .join('/');
  }
  if (shape === 'python-package') {
    const root = value.split('.')[0] ?? value;
    return Object.hasOwn(pythonPackages, root) ? (pythonPackages[root] ?? root) : root;
  }
  return value;
}
