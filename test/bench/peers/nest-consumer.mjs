// The naive approach: a Nest microservice with one handler for the entity, one row per message.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, Transport } from '@nestjs/microservices';
import { Pool } from 'pg';
import { runProgram } from '../harness/run-program.ts';
import { upsertStatement, upsertValues } from './upsert.mjs';

await runProgram(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: 10 });
  const text = upsertStatement(config.replica);

  class Users {
    async onUserUpdated(payload, context) {
      await pool.query(text, upsertValues(config.replica, payload));
      context.getChannelRef().ack(context.getMessage());
    }
  }
  // The compiled form of decorators, because this file is plain JavaScript.
  Controller()(Users);
  EventPattern('user_updated')(
    Users.prototype,
    'onUserUpdated',
    Object.getOwnPropertyDescriptor(Users.prototype, 'onUserUpdated'),
  );
  Payload()(Users.prototype, 'onUserUpdated', 0);
  Ctx()(Users.prototype, 'onUserUpdated', 1);
  class App {}
  Module({ controllers: [Users] })(App);

  const app = await NestFactory.createMicroservice(App, {
    logger: ['error', 'warn'],
    transport: Transport.RMQ,
    options: { urls: [config.amqpUrl], queue: config.queue, noAck: false, prefetchCount: 200, noAssert: true },
  });
  return {
    async go() {
      await app.listen();
      return new Promise(() => {});
    },
    async stop() {
      await app.close();
      await pool.end();
    },
  };
});
