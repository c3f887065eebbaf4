"""The first schema

Revision ID: 0001
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

LEDGERS = (
    "alert",
    "attempt",
    "catalogue",
    "coverage",
    "database",
    "decision",
    "document",
    "document_alias",
    "evidence",
    "exchange",
    "listing",
    "monitored",
    "observation",
    "poll",
    "replay_clock",
    "routing",
    "screening",
    "subscription",
    "verdict",
    "version",
    "watcher",
)


def upgrade() -> None:
    op.create_table('alert',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('dedup_key', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('instrument', sa.String(length=100), nullable=True),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('cause_kind', sa.String(length=16), nullable=False),
    sa.Column('cause', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_alert'),
    sa.UniqueConstraint('dedup_key', name='uq_alert_dedup_key')
    )
    op.create_index('ix_alert_subject', 'alert', ['subject'], unique=False)
    op.create_table('catalogue',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name='pk_catalogue')
    )
    op.create_table('database',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_database')
    )
    op.create_table('decision',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('value', sa.String(length=32), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_decision')
    )
    op.create_index('ix_decision_kind_subject', 'decision', ['kind', 'subject'], unique=False)
    op.create_table('document',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_document')
    )
    op.create_index('ix_document_source', 'document', ['source'], unique=False)
    op.create_table('monitored',
    sa.Column('instrument', sa.String(length=100), nullable=False),
    sa.Column('since_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('instrument', name='pk_monitored')
    )
    op.create_table('replay_clock',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('now_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_replay_clock')
    )
    op.create_table('robots',
    sa.Column('origin', sa.String(length=300), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('origin', name='pk_robots')
    )
    op.create_table('route_state',
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('route', sa.String(length=100), nullable=False),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('reached_end', sa.Boolean(), nullable=False),
    sa.Column('newest_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_valid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('source', 'route', name='pk_route_state')
    )
    op.create_table('watcher',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_watcher'),
    sa.UniqueConstraint('address', name='uq_watcher_address')
    )
    op.create_table('window_clock',
    sa.Column('window', sa.String(length=100), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('window', name='pk_window_clock')
    )
    op.create_table('document_alias',
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('scheme', sa.String(length=32), nullable=False),
    sa.Column('value', sa.String(length=2000), nullable=False),
    sa.Column('document', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name='fk_document_alias_document'),
    sa.PrimaryKeyConstraint('source', 'scheme', 'value', name='pk_document_alias')
    )
    op.create_index('ix_document_alias_document', 'document_alias', ['document'], unique=False)
    op.create_table('unread',
    sa.Column('document', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name='fk_unread_document'),
    sa.PrimaryKeyConstraint('document', name='pk_unread')
    )
    op.create_index('ix_unread_source', 'unread', ['source'], unique=False)
    op.create_table('envelope',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('watcher', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alert', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('message_id', sa.String(length=300), nullable=False),
    sa.Column('bytes', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_by', sa.String(length=64), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert'], ['alert.id'], name='fk_envelope_alert'),
    sa.ForeignKeyConstraint(['watcher'], ['watcher.id'], name='fk_envelope_watcher'),
    sa.PrimaryKeyConstraint('id', name='pk_envelope'),
    sa.UniqueConstraint('message_id', name='uq_envelope_message_id'),
    sa.UniqueConstraint('watcher', 'alert', name='uq_envelope_watcher_alert')
    )
    op.create_index('ix_envelope_state_due_at', 'envelope', ['state', 'due_at'], unique=False)
    op.create_table('poll',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('route', sa.String(length=100), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('failure_family', sa.String(length=16), nullable=True),
    sa.Column('failure_kind', sa.String(length=64), nullable=True),
    sa.Column('failure_reason', sa.Text(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.Column('new_documents', sa.Integer(), nullable=False),
    sa.Column('catalogue', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['catalogue'], ['catalogue.digest'], name='fk_poll_catalogue'),
    sa.PrimaryKeyConstraint('id', name='pk_poll')
    )
    op.create_index('ix_poll_source_outcome_finished_at', 'poll', ['source', 'outcome', 'finished_at'], unique=False)
    op.create_index('ix_poll_source_route_started_at', 'poll', ['source', 'route', 'started_at'], unique=False)
    op.create_table('routing',
    sa.Column('alert', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recipients', sa.Integer(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert'], ['alert.id'], name='fk_routing_alert'),
    sa.PrimaryKeyConstraint('alert', name='pk_routing')
    )
    op.create_table('subscription',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('watcher', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('operator', sa.Boolean(), nullable=False),
    sa.Column('instruments', sa.JSON(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['watcher'], ['watcher.id'], name='fk_subscription_watcher'),
    sa.PrimaryKeyConstraint('id', name='pk_subscription')
    )
    op.create_index('ix_subscription_watcher_id', 'subscription', ['watcher', 'id'], unique=False)
    op.create_table('verdict',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('window', sa.String(length=100), nullable=False),
    sa.Column('value', sa.String(length=32), nullable=False),
    sa.Column('phase', sa.String(length=16), nullable=False),
    sa.Column('final', sa.Boolean(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('catalogue', sa.String(length=64), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['catalogue'], ['catalogue.digest'], name='fk_verdict_catalogue'),
    sa.PrimaryKeyConstraint('id', name='pk_verdict')
    )
    op.create_index('ix_verdict_window_id', 'verdict', ['window', 'id'], unique=False)
    op.create_table('version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('document', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('extractor', sa.String(length=64), nullable=False),
    sa.Column('precision', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name='fk_version_document'),
    sa.PrimaryKeyConstraint('id', name='pk_version'),
    sa.UniqueConstraint('document', 'digest', name='uq_version_document_digest')
    )
    op.create_table('attempt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('envelope', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['envelope'], ['envelope.id'], name='fk_attempt_envelope'),
    sa.PrimaryKeyConstraint('id', name='pk_attempt')
    )
    op.create_index('ix_attempt_envelope', 'attempt', ['envelope'], unique=False)
    op.create_table('coverage',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('poll', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('route', sa.String(length=100), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['poll'], ['poll.id'], name='fk_coverage_poll'),
    sa.PrimaryKeyConstraint('id', name='pk_coverage')
    )
    op.create_index('ix_coverage_source_until_at', 'coverage', ['source', 'until_at'], unique=False)
    op.create_table('evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('instrument', sa.String(length=100), nullable=False),
    sa.Column('commitment', sa.String(length=100), nullable=False),
    sa.Column('window', sa.String(length=100), nullable=True),
    sa.Column('rule', sa.String(length=100), nullable=False),
    sa.Column('rules_digest', sa.String(length=64), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('spans', sa.JSON(), nullable=False),
    sa.Column('checklist', sa.JSON(), nullable=False),
    sa.Column('candidate', sa.Boolean(), nullable=False),
    sa.Column('near_miss', sa.Boolean(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['version'], ['version.id'], name='fk_evidence_version'),
    sa.PrimaryKeyConstraint('id', name='pk_evidence'),
    sa.UniqueConstraint('version', 'instrument', 'commitment', 'rules_digest', name='uq_evidence_version_instrument_commitment_rules_digest')
    )
    op.create_table('exchange',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('poll', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('archive_file', sa.String(length=200), nullable=False),
    sa.Column('archive_offset', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('archive_length', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attested_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name='fk_exchange_document'),
    sa.ForeignKeyConstraint(['poll'], ['poll.id'], name='fk_exchange_poll'),
    sa.PrimaryKeyConstraint('id', name='pk_exchange')
    )
    op.create_index('ix_exchange_document', 'exchange', ['document'], unique=False)
    op.create_index('ix_exchange_poll', 'exchange', ['poll'], unique=False)
    op.create_index('ix_exchange_sha256', 'exchange', ['sha256'], unique=False)
    op.create_table('listing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('document', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('poll', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('precision', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name='fk_listing_document'),
    sa.ForeignKeyConstraint(['poll'], ['poll.id'], name='fk_listing_poll'),
    sa.PrimaryKeyConstraint('id', name='pk_listing'),
    sa.UniqueConstraint('document', 'digest', name='uq_listing_document_digest')
    )
    op.create_table('screening',
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rules_digest', sa.String(length=64), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['version'], ['version.id'], name='fk_screening_version'),
    sa.PrimaryKeyConstraint('version', 'rules_digest', name='pk_screening')
    )
    op.create_index('ix_screening_rules_digest_version', 'screening', ['rules_digest', 'version'], unique=False)
    op.create_table('observation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('document', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('exchange', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name='fk_observation_document'),
    sa.ForeignKeyConstraint(['exchange'], ['exchange.id'], name='fk_observation_exchange'),
    sa.ForeignKeyConstraint(['version'], ['version.id'], name='fk_observation_version'),
    sa.PrimaryKeyConstraint('id', name='pk_observation')
    )
    op.create_index('ix_observation_document_at', 'observation', ['document', 'at'], unique=False)
    op.create_index('ix_observation_version', 'observation', ['version'], unique=False)
    _guard_the_ledgers()


def downgrade() -> None:
    raise RuntimeError("the first schema has nothing before it; ledgers are not dropped")


def _guard_the_ledgers() -> None:
    """Refuse UPDATE and DELETE on the append-only tables, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION servanda_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in LEDGERS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION servanda_append_only()"
            )
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f'CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
