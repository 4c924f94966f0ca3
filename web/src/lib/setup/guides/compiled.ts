/** Guides for Go, Rust, Java and .NET. */
import { snippet, type Guide } from '../guide';

export const go: Guide = (dsn) => [
  { title: 'Install', code: 'go get github.com/getsentry/sentry-go' },
  {
    title: 'main.go',
    code: snippet`
      package main

      import (
      	"errors"
      	"log"
      	"time"

      	"github.com/getsentry/sentry-go"
      )

      func main() {
      	err := sentry.Init(sentry.ClientOptions{
      		Dsn: "${dsn}",
      	})
      	if err != nil {
      		log.Fatalf("sentry.Init: %s", err)
      	}
      	// Events leave in the background: give them time before the program ends.
      	defer sentry.Flush(2 * time.Second)

      	sentry.CaptureException(errors.New("first event"))
      }
    `
  }
];

export const rust: Guide = (dsn) => [
  { title: 'Install', code: 'cargo add sentry' },
  {
    title: 'src/main.rs',
    code: snippet`
      fn main() {
          // Sends what is queued when it is dropped: keep it until the end of main.
          let _guard = sentry::init((
              "${dsn}",
              sentry::ClientOptions::new().maybe_release(sentry::release_name!()),
          ));

          panic!("first event");
      }
    `
  }
];

export const spring: Guide = (dsn) => [
  {
    title: 'build.gradle.kts (Spring Boot 3)',
    code: snippet`
      dependencies {
          implementation("io.sentry:sentry-spring-boot-starter-jakarta:8.+")
      }
    `
  },
  {
    title: 'src/main/resources/application.properties',
    code: `sentry.dsn=${dsn}`
  },
  {
    title: 'BrokenController.java: open /broken',
    code: snippet`
      import org.springframework.web.bind.annotation.GetMapping;
      import org.springframework.web.bind.annotation.RestController;

      @RestController
      class BrokenController {
          @GetMapping("/broken")
          String broken() {
              throw new IllegalStateException("First event");
          }
      }
    `
  }
];

export const aspnet: Guide = (dsn) => [
  { title: 'Install', code: 'dotnet add package Sentry.AspNetCore' },
  {
    title: 'Program.cs: open /broken',
    code: snippet`
      var builder = WebApplication.CreateBuilder(args);

      builder.WebHost.UseSentry(options =>
      {
          options.Dsn = "${dsn}";
      });

      var app = builder.Build();

      app.MapGet("/broken", string () => throw new InvalidOperationException("First event"));

      app.Run();
    `
  }
];
