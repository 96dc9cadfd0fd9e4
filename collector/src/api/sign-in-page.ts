/** Why the sign-in page is shown again. */
export type SignInNotice = 'used_link' | 'wrong_password' | 'too_many';

const TEXTS = {
  en: {
    title: 'Sign in · Signalbox',
    heading: 'Sign in to Signalbox',
    password: 'Administrator password',
    submit: 'Sign in',
    link: 'Open the sign-in link that the collector printed when it started. It works once.',
    again: 'To get a new link, start the collector again; to sign in by password, set SIGNALBOX_ADMIN_PASSWORD.',
    used_link: 'This link has been used or belongs to an earlier start.',
    wrong_password: 'The password is not right.',
    too_many: 'Too many wrong tries. Wait a minute, then try again.',
  },
  ru: {
    title: 'Вход · Signalbox',
    heading: 'Вход в Signalbox',
    password: 'Пароль администратора',
    submit: 'Войти',
    link: 'Откройте ссылку для входа, которую коллектор напечатал при запуске. Она действует один раз.',
    again:
      'Чтобы получить новую ссылку, перезапустите коллектор; чтобы входить по паролю, задайте SIGNALBOX_ADMIN_PASSWORD.',
    used_link: 'Эта ссылка уже использована или относится к прежнему запуску.',
    wrong_password: 'Пароль неверен.',
    too_many: 'Слишком много неверных попыток. Подождите минуту и попробуйте снова.',
  },
} as const;

const STYLE = `
  :root { color-scheme: light dark; --back: #f4f5f5; --card: #fff; --text: #24292e; --soft: #5d6066; --line: #d2d4d8; --main: #3871dc; --bad: #cf0e5b; }
  @media (prefers-color-scheme: dark) { :root { --back: #111217; --card: #181b1f; --text: #ccccdc; --soft: #9a9ba8; --line: #34363d; --main: #3d71d9; --bad: #ff5286; } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text); font: 14px/1.5 Inter, system-ui, sans-serif; }
  main { box-sizing: border-box; width: min(400px, calc(100vw - 32px)); padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 4px; }
  h1 { font-size: 20px; font-weight: 500; margin: 0 0 16px; }
  p { margin: 12px 0 0; } .soft { color: var(--soft); } .bad { color: var(--bad); margin: 0 0 16px; }
  label { display: block; font-weight: 500; margin-bottom: 4px; }
  input { box-sizing: border-box; width: 100%; height: 40px; padding: 0 8px; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 2px; }
  button { width: 100%; height: 44px; margin-top: 16px; font: inherit; font-weight: 500; color: #fff; background: var(--main); border: 0; border-radius: 2px; cursor: pointer; }
  input:focus-visible, button:focus-visible { outline: 2px solid var(--main); outline-offset: 2px; }
`;

/** The page on which people sign in: no script, nothing from elsewhere. */
export function signInPage(options: {
  language: 'en' | 'ru';
  hasPassword: boolean;
  notice: SignInNotice | undefined;
}): string {
  const text = TEXTS[options.language];
  const notice = options.notice ? `<p class="bad" role="alert">${text[options.notice]}</p>` : '';
  const form = `<form method="post" action="/sign-in">
      <label for="password">${text.password}</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
      <button type="submit">${text.submit}</button>
    </form>`;
  return `<!doctype html>
<html lang="${options.language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${text.title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>${text.heading}</h1>
      ${notice}
      ${options.hasPassword ? form : ''}
      <p>${text.link}</p>
      ${options.hasPassword ? '' : `<p class="soft">${text.again}</p>`}
    </main>
  </body>
</html>
`;
}
