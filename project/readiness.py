"""Whether this process can do its work: what /readyz says."""

from __future__ import annotations

import asyncio

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.migrations.executor import MigrationExecutor
from redis import RedisError
from redis.asyncio import Redis

from collab import checks, engine

PATIENCE_SECONDS = 5.0  # so long the database and Redis may take to answer

Findings = tuple[list[str], list[str]]  # sentences: what keeps it from its work, and what is merely worth a word


class Readiness:
    """Probes that come together share one look."""

    def __init__(self) -> None:
        self._looking: asyncio.Task[Findings] | None = None
        self._is_prepared = False
        self._has_met_redis = False

    async def look(self) -> Findings:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> Findings:
        if engine.running() is None:
            return ["The server is ending."], []
        database, redis = await asyncio.gather(self._database(), self._redis())
        # An address where Redis never answered is a mistake. Later it may be down: people still write together then,
        # through the log, and to take every process out of service for it would be worse.
        faults, remarks = ([*database], redis) if self._has_met_redis else ([*database, *redis], [])
        return faults, remarks

    async def _database(self) -> list[str]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                faults: list[str] = await database_sync_to_async(self._database_faults, thread_sensitive=False)()
                return faults
        except (Error, TimeoutError):
            return ["The database does not answer."]

    def _database_faults(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if self._is_prepared:
            return []
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["The database is not up to date: run manage.py migrate."]
        faults = checks.losses(DEFAULT_DB_ALIAS)
        self._is_prepared = not faults
        return faults

    async def _redis(self) -> list[str]:
        if not settings.REDIS_URL:
            return []
        try:
            async with (
                asyncio.timeout(PATIENCE_SECONDS),
                Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE_SECONDS) as redis,
            ):
                await redis.ping()
        except (RedisError, OSError, TimeoutError):
            return ["Redis does not answer."]
        self._has_met_redis = True
        return []
