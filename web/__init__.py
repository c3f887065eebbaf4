"""The pages that watchers reach from their mails, without log-in; and calendars and feeds for anybody."""
