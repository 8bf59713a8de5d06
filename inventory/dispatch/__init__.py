"""Dispatch: plans kept, approval with holds, orders, picking, shipping, receiving, and closing the loop."""
