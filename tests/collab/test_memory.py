"""The memory implementations keep the contracts."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from collab.memory import Exchange, MemoryBroker, MemoryLog
from collab.ports import Log
from tests.contracts.broker_contract import BrokerContract
from tests.contracts.log_contract import LogContract


class TestMemoryLog(LogContract):
    @pytest.fixture
    def log(self) -> MemoryLog:
        return MemoryLog()

    @pytest.fixture
    def document_id(self, log: MemoryLog) -> UUID:
        document_id = uuid4()
        log.create(document_id)
        return document_id

    async def prune(self, log: Log, document_id: UUID) -> None:
        assert isinstance(log, MemoryLog)
        log.prune(document_id)


class TestMemoryBroker(BrokerContract):
    @pytest.fixture
    def brokers(self) -> tuple[MemoryBroker, MemoryBroker]:
        exchange = Exchange()
        return MemoryBroker(exchange), MemoryBroker(exchange)
