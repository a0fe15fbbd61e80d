"""All reads of the app, each from what the viewer may see."""

from posts.selectors.single import post_for, post_shape_by_code, post_shape_for, post_shapes

__all__ = ["post_for", "post_shape_by_code", "post_shape_for", "post_shapes"]
