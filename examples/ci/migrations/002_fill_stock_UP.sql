COPY stock (name, quantity) FROM stdin;
Bücher	12
a "quoted" name	0
\.
