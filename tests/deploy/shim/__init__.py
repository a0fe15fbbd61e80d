"""Lets moto's CloudFormation make what our templates contain.

moto knows the APIs of most services, but CloudFormation can make only some of their things there.
`adapters` makes the rest through those APIs, `recorded` notes what moto has no API for, `completed`
carries over properties that moto's own types ignore, and `engine` mends its reading of templates.

moto validates neither property names nor values: "deploys here" says only that every reference
resolves and that the result, asked through boto3, is what the tests say. cfn-lint does the rest.
"""

from tests.deploy.shim.engine import account

__all__ = ["account"]
