"""Stocktaking 盘点: what is really there, counted blind, recounted by another, approved by a third."""
