"""What a person does with a brief besides approving it, and what sales answers: each act one transaction, checked and audited."""
