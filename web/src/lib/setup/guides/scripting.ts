/** Guides for Python, Ruby and PHP. */
import { snippet, type Guide } from '../guide';

export const python: Guide = (dsn) => [
  { title: 'Install', code: 'pip install --upgrade sentry-sdk' },
  {
    title: 'main.py',
    code: snippet`
      import sentry_sdk

      sentry_sdk.init(
          dsn="${dsn}",
      )

      1 / 0  # the first event
    `
  }
];

export const django: Guide = (dsn) => [
  { title: 'Install', code: 'pip install --upgrade sentry-sdk' },
  {
    title: 'settings.py',
    code: snippet`
      import sentry_sdk

      # Django and Flask are found and instrumented by themselves.
      sentry_sdk.init(
          dsn="${dsn}",
      )
    `
  },
  {
    title: 'urls.py: open /broken/',
    code: snippet`
      from django.urls import path

      def broken(request):
          return 1 / 0

      urlpatterns = [
          path("broken/", broken),
      ]
    `
  }
];

export const rails: Guide = (dsn) => [
  { title: 'Install', code: 'bundle add sentry-ruby sentry-rails' },
  {
    title: 'config/initializers/sentry.rb',
    code: snippet`
      Sentry.init do |config|
        config.dsn = "${dsn}"
        config.breadcrumbs_logger = [:active_support_logger, :http_logger]
      end
    `
  },
  {
    title: 'Raise a first error: bin/rails console',
    code: snippet`
      begin
        1 / 0
      rescue ZeroDivisionError => e
        Sentry.capture_exception(e)
      end
    `
  }
];

export const laravel: Guide = (dsn) => [
  { title: 'Install', code: 'composer require sentry/sentry-laravel' },
  {
    title: 'bootstrap/app.php',
    code: snippet`
      <?php

      use Illuminate\Foundation\Application;
      use Illuminate\Foundation\Configuration\Exceptions;
      use Sentry\Laravel\Integration;

      return Application::configure(basePath: dirname(__DIR__))
          // …
          ->withExceptions(function (Exceptions $exceptions) {
              Integration::handles($exceptions);
          })->create();
    `
  },
  { title: '.env', code: `SENTRY_LARAVEL_DSN=${dsn}` },
  { title: 'Raise a first error', code: 'php artisan sentry:test' }
];
